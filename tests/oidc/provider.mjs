// A real OpenID provider on loopback. Its accounts are named after what their ID token says.
import { createServer } from 'node:http';
import Provider from 'oidc-provider';

const claims = {
  'adult-by-flag': { age_over_18: true },
  'adult-by-birth': { birthdate: '1985-03-01' },
  'minor-by-flag': { age_over_18: false },
  'minor-by-birth': { birthdate: process.env.MINOR_BORN },
  'says-both': { age_over_18: true, birthdate: process.env.MINOR_BORN },
  'says-nothing': {},
};

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'agegate',
        client_secret: 'a-secret/with+signs',
        redirect_uris: [process.env.REDIRECT_URI],
      },
    ],
    claims: { openid: ['sub'], adult: ['age_over_18', 'birthdate'] },
    conformIdTokenClaims: true,
    features: { claimsParameter: { enabled: true } },
    pkce: { required: () => true },
    cookies: { keys: ['only-for-tests'] },
    findAccount: (ctx, id) => ({ accountId: id, claims: () => ({ sub: id, ...claims[id] }) }),
  });
  server.on('request', provider.callback());
  console.log(issuer);
});

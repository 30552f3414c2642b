"""The command `agegate`, and `python -m agegate`."""


def main() -> None:
    """Runs the command line."""
    from agegate.cli.app import run

    run()


if __name__ == "__main__":
    main()

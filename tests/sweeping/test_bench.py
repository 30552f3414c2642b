"""The benchmark of sweeps does what it measures: every row is judged, every account written."""

import pytest

from bench.sweep import main


def test_every_figure_is_of_the_whole_file(capsys: pytest.CaptureFixture[str]) -> None:
    main(300, 120)
    assert [line.split("  ")[0] for line in capsys.readouterr().out.splitlines()] == [
        "dry run, three columns",
        "dry run, ten columns",
        "apply, postgresql",
    ]

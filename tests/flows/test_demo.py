"""`newsletter demo --once`: the whole job on sample content ends by itself, and its counts are true."""

import json
import subprocess
import sys
from pathlib import Path


def test_the_demo_does_the_whole_job_and_counts_it(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "newsletter", "demo", "--once", "--json"]
    done = subprocess.run(
        command, cwd=tmp_path, env={"PATH": "/usr/bin:/bin", "TMPDIR": str(tmp_path)}, capture_output=True,
        text=True, timeout=240, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    [send] = summary["sends"]
    assert send["audience"] == send["states"]["accepted"] == 1_000
    assert sum(send["states"].values()) == 1_000
    assert summary["caught"] == 1_002
    assert "Traceback" not in done.stderr
    assert "error" not in done.stderr.lower().replace("0 errors", "")

"""``python -m actuarial`` is the command ``actuarial``."""

from actuarial.cli import main

raise SystemExit(main())

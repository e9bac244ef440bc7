"""What every app uses: base page, audit trail, charts; no domain words."""

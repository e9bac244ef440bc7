"""Official result spreadsheets become the texts of a release; start at `reading.read_sheets`."""

"""Working time: the calendar of offices, legal rules as data, and clocks that explain themselves."""

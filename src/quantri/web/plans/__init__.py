"""Plans of a province: targets and who owns each component."""

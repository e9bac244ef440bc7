"""Documents from the frozen content of a plan: Word, PDF and Excel, each made from that content alone."""

"""What is at risk, reminders and urging, and progress made public by decision."""

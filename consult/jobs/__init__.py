"""Job rows, the runner and the scheduler."""

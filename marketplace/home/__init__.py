"""Home pages: the market at a glance for visitors, what waits for me for everybody else."""

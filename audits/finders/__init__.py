"""The ready-made searches that a criterion names in its data: one module each, with a function `find(criterion, site)`."""

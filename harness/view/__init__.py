"""``harness view``: runs, articles and facts in the browser, on the templates of the report."""

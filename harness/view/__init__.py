"""``harness view``: runs, articles, facts and labels in the browser, on the templates of the report.

serve, app, security     the server, the table of routes, and access control
context, run_index       the state of the app; runs and articles on disk, cached until their files change
background               threads that read large runs and rescore runs
runs, run_pages          the list of runs and runs side by side; the pages of one run
judge                    labels from people, and how far people agree
articles, fact_form      articles, and the form for a fact
review, search           suggested facts one at a time; one search box
"""

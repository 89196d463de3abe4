"""``harness view``: runs, articles, facts and labels in the browser, on the templates of the report.

serve, app, security     the server, the table of routes, and access control
context, run_index       what the handlers share; runs and articles on disk, cached until their files change
background               reading large runs and rescoring runs
runs, run_pages, compare the list of runs, the pages of one, runs side by side
judge                    labels from people, and how far people agree
articles, fact_form      articles, and the form for editing a fact
review, search           suggested facts one at a time; one search box
"""

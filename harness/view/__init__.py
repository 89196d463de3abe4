"""``harness view``: runs, articles, facts and labels in the browser, on the templates of the report.

serve, app, security     the server, the table of routes, and access control
context, run_index       the state of the app; runs and articles on disk, cached until their files change
background               rescoring runs
runs                     the list of runs, the pages of one run, runs side by side
judge                    labels from people, and how far people agree
articles, fact_form      articles, the form for a fact, and the review of suggested facts
search                   one search box
"""

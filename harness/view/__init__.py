"""``harness view``: runs, articles and facts in the browser, on the templates of the report.

serve, connections, app, security   listening, the table of routes, who may ask for what
context, run_index, file_cache, background   what the app knows, finds, keeps and does meanwhile
page, lists      an answer made from a template; long lists sorted and in parts
runs, overview, run_pages, live   the list of runs, and the pages of one
compare, agreement, judge, session_address   runs side by side; labels of people
articles, article_text, search   articles, marked texts, search
facts, fact_editor, fact_offers, fact_changes, open_run, review   facts, and what a change of one changes in a run
rescoring, fits  runs scored again, and verifiers fitted, in the background
"""

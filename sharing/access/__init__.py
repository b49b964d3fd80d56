"""Who may see a shared row: one SQL predicate, compiled from grants, for every list, count and page. Start in `visibility.py`.

Every read of rows that schools share goes through it. Nothing about permissions is cached.
"""

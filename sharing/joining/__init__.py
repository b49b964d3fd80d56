"""Coming in by a one-time link: joining a school or as its auditor, the first account, a new password.

Start in `joining.py`. A link that was handed on never opens an account that exists: its password does.
"""

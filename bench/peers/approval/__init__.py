"""同题流程 the same three steps under django-viewflow."""

"""Documents in: parsing, versions, provisions.

Pure packages, each with its own page of definitions: ``parsing`` (file to provisions),
``corrections`` (a tree changed by hand), ``comparison`` (two versions mapped and diffed).
Around them, by what a person does:

- a text comes in: ``views``, ``forms``, ``services``; scans and legacy fonts ``reading(s)``
- the tree beside the text: ``tree_*``; changing it: ``correcting``, ``correction_*``
- versions of a draft: ``versioning``, ``comparing``, ``decisions``; what is read of them:
  ``version_queries``, ``change_queries``
"""

"""Arabic: spelling, words, inflection, dates, and the closed classes of words that the seed tables list.

Nothing here knows of articles, entities or claims.
"""

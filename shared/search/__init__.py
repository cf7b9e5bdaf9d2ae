"""Chinese full text: every two neighbouring characters are a word, in PostgreSQL as in a query, so that words of two characters are found exactly
and none is lost to a wrong segmentation. A query of more characters is looked up by its pairs and then compared as a whole.
"""

"""Personal data that can be erased: encrypted per person before it is stored, so that destroying a key erases it
everywhere, and every proof holds.
"""

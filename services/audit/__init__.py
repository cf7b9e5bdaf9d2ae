"""监督 audit: decides nothing of its own yet but keeps the account of everything: a copy of every log, exact to the byte, from which trails,
reports and appraisals are made by replay (Decree 711 Articles 46–53; the bureau's rules of supervision, appraisal and accountability).
"""

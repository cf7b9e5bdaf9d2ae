"""监督 audit: keeps the account of everything, a copy of every log, exact to the byte, from which trails, reports and appraisals are made by replay;
and supervises: what the public suggests is answered, every complaint comes to a conclusion, every problem that an inspection finds is put right,
and it is decided who answers for what went wrong (Decree 711 Articles 46–53; the bureau's rules of supervision, appraisal and accountability).
"""

"""义务监督员: a volunteer who supervises the agency's openness for a term (DX-10a)."""

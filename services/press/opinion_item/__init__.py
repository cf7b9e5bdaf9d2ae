"""Something that the public says of the agency: detected, verified, assessed, handled and answered by the body in charge, in hours."""

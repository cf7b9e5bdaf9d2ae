"""An inquiry or complaint of the public, from receipt to answer."""

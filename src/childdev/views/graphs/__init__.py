"""Graph views: what `viz/*.toml` describes, as a picture, as a list that says the same, and as files.

A request goes through the modules in this order: `spec` (the view), `state` (what the address asks for), `facts` (the
model by things and lines), `sources` (what belongs to the view), `choosing` (what of it is shown, and why the rest is
not), `boxes` (things that stand together), `layout` (places), `picture` (all of it as data), `still` and `files`.
"""

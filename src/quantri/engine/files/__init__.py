"""Files of microdata in each format; start at `quantri.engine.microdata.read_microdata`."""

"""Work orders from acceptance to archive: numbers, crews, states, promises."""

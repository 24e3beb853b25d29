"""Real faults: killed loads, full disks, damaged files, two loads at once, clocks moved back."""

"""Times of loads and measures against plain yardsticks in the same run; not part of the tests."""

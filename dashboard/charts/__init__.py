"""One pure function a file: the rows of an answer and a style → a plotly figure as a plain dict."""

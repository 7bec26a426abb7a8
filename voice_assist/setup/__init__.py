"""Set-up by ear: the assistant asks, by day, what it must know before the first night."""

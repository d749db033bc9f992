// For somebody whose name isn't known yet.
tagdock.ask('/api/me');

"""``kg serve``: the graph as a SPARQL 1.1 endpoint and as pages to read, for this machine alone unless told otherwise.

    server    one process that speaks HTTP and never touches the graph
      pool      hands each request to a worker, and stops a worker that takes too long
    nursery   one process that loads the graph and forks the workers, which share its memory
    worker    answers one request at a time from the graph, fenced in: no files, no sockets, little more memory

A query that runs away is a process that is killed: the others go on, and its memory is the system's again. An answer is
written to a file before it is sent, so that it is whole or an error, and a slow reader keeps nobody waiting.
"""

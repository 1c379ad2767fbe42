import networkx as nx
assert nx.shortest_path(nx.cycle_graph(6), 0, 2) == [0, 1, 2]

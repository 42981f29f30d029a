"""Serves simulated half maps on 127.0.0.1 under EMDB's paths, and fails as servers do.

usage: server.py FOLDER PORTFILE    (FOLDER holds emd_<n>_half_map_<1|2>.map.gz)

The connection of map 1 is cut twice, the first answer for map 3 announces a wrong size, and a half
of map 6 is not there (404).
"""
import http.server
import json
import os
import re
import sys

FOLDER, PORTFILE = sys.argv[1:3]
SIZES = {1: (100, 100, 100), 2: (73, 25, 43)}
cuts = {"emd_1_half_map_1.map.gz": 2}
wrong = {"emd_3_half_map_2.map.gz": 1}


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, text, *values):
        sys.stderr.write("server: " + text % values + "\n")

    def reply(self, body, kind="application/json"):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        path = self.path.split("?")[0]
        if path.startswith("/emdb/api/search/"):
            return self.reply(b"emdb_id\n" + b"".join(b"EMD-%d\n" % n for n in range(1, 7)), "text/csv")
        entry = re.fullmatch(r"/emdb/api/entry/EMD-(\d+)", path)
        if entry:
            n = int(entry[1])
            sec, row, col = SIZES.get(n, (64, 64, 64))
            halves = [{"file": f"emd_{n}_half_map_{k}.map.gz"} for k in (1, 2)]
            return self.reply(json.dumps({
                "emdb_id": f"EMD-{n}",
                "map": {"dimensions": {"sec": sec, "row": row, "col": col}},
                "interpretation": {"half_map_list": {"half_map": halves}}}).encode())
        name = os.path.basename(path)
        file = os.path.join(FOLDER, name)
        if not re.fullmatch(r"emd_\d+_half_map_[12]\.map\.gz", name) or not os.path.exists(file):
            return self.send_error(404)
        body = open(file, "rb").read()
        total = len(body)
        start = re.match(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(start[1]) if start else 0
        if start >= total:
            return self.send_error(416)
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{total - 1}/{total}")
        length = total - start
        if wrong.get(name, 0):
            wrong[name] -= 1
            length += 12345
            self.close_connection = True
        self.send_header("Content-Length", str(length))
        self.end_headers()
        if cuts.get(name, 0):
            cuts[name] -= 1
            self.wfile.write(body[start:start + total // 3])
            self.close_connection = True
            return
        self.wfile.write(body[start:])


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
open(PORTFILE, "w").write(str(server.server_port))
server.serve_forever()

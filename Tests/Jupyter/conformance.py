"""The kernel against Jupyter's own conformance suite, an interrupt, and a notebook of `--ipynb`.

Run by `make jupyter-test`, which makes a virtual environment and installs the kernel into it.
"""

import os
import pathlib
import subprocess
import tempfile
import time
import unittest

import jupyter_kernel_test as jkt
import nbclient
import nbformat

DN = os.environ["DN"]


class Conformance(jkt.KernelTests):
    kernel_name = "dn"
    language_name = "dn"
    file_extension = ".dn"
    code_hello_world = "print 'hello, world'"
    code_stderr = "slice sample(\"cells\", size=32) to=\"/tmp/dn-kernel-test.png\""
    completion_samples = [
        {"text": "psn", "matches": {"psnr"}},
        {"text": "train noisy ep", "matches": {"epochs="}},
        {"text": "train noisy method=n2", "matches": {"n2n", "n2s", "n2v", "n2v2"}},
    ]
    complete_code_samples = ["1", "print 'hello'", "def f(x) = x*2", "for i in 1..3 {\n print i\n}"]
    incomplete_code_samples = ["print (", "for i in 1..3 {", "x = 1 +"]
    code_generate_error = "[1][5]"
    code_execute_result = [{"code": "1+2*3", "result": "7"}, {"code": "'a'", "result": '"a"'}]
    code_display_data = [
        {"code": "show sample(\"cells\", size=32)", "mime": "image/png"},
        {"code": "plot [1, 2, 3]", "mime": "image/svg+xml"},
    ]
    code_inspect_sample = "psnr"
    code_history_pattern = "1?2*"
    supported_history_operations = ("tail", "range", "search")
    def test_interrupt(self):
        """Ctrl-C ends a training within half a second, and the model is there."""
        self.flush_channels()
        self.execute_helper('noisy = sample("cells", noise=gaussian(25), seed=1)[0]')
        self.kc.execute("net = train noisy epochs=1000")
        time.sleep(2)
        began = time.monotonic()
        self.km.interrupt_kernel()
        reply = self.get_non_kernel_info_reply(timeout=20)
        took = time.monotonic() - began
        self.assertEqual(reply["content"]["status"], "ok")
        self.assertLess(took, 1)
        self.flush_channels()
        reply, _ = self.execute_helper("net.history")
        self.assertEqual(reply["content"]["status"], "ok")


class Notebooks(unittest.TestCase):
    def test_a_notebook_of_a_script_runs(self):
        script = """# %% [markdown]
# # Notebook
# %% Data
noisy, truth = sample("cells", size=48, noise=gaussian(25), seed=1)
# %% Denoising
clean = denoise noisy median_filter(2)
print (psnr clean truth)
show clean
"""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder)
            (path / "a.dn").write_text(script)
            subprocess.run([DN, "run", "a.dn", "--ipynb", "a.ipynb"], cwd=path, check=True)
            book = nbformat.read(path / "a.ipynb", as_version=4)
            nbformat.validate(book)
            printed = [c.outputs for c in book.cells if c.cell_type == "code"][-1][0]["text"]
            nbclient.NotebookClient(book, timeout=60, kernel_name="dn").execute()
            again = [c.outputs for c in book.cells if c.cell_type == "code"][-1]
            self.assertEqual(again[0]["text"], printed)
            self.assertIn("image/png", again[1]["data"])


if __name__ == "__main__":
    unittest.main()

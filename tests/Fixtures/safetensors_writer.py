"""Writes a safetensors file: 8 bytes of header length (little-endian), the header in JSON, then the numbers."""
import json
import struct


def save(path, tensors, metadata=None):
    """tensors: name to float32 tensor. The header is padded with spaces, so that the data starts at a multiple of 8."""
    header, data = {}, b""
    if metadata:
        header["__metadata__"] = metadata
    for name, tensor in tensors.items():
        bytes_ = tensor.detach().contiguous().numpy().astype("<f4").tobytes()
        header[name] = {"dtype": "F32", "shape": list(tensor.shape), "data_offsets": [len(data), len(data) + len(bytes_)]}
        data += bytes_
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)

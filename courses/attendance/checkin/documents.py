"""The QR code as a picture of lines, so that no phone needs anything else."""

import io

import segno


def qr_svg(address: str) -> bytes:
    """An SVG of the address as a QR code, black on white with its quiet zone."""
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="svg", scale=8, border=4, dark="#000", light="#fff")
    return out.getvalue()

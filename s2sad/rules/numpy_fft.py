"""The rules of `np.fft`: every transform is linear, and its adjoint is a transform back."""
from __future__ import annotations

from s2sad.rules.matrices import spectrum_of, transform
from s2sad.rules.numbers import unknown
from s2sad.rules.shapes import like
from s2sad.rules.table import case, rule

# One axis.  Of a whole real or complex signal the adjoint is one line.
rule("np.fft.fft(a, n=None, axis=-1, norm=None)",
     case("n is None and norm == 'ortho' and a.kind == 'c'", a="np.fft.ifft(g, axis=axis, norm=norm)"),
     case("n is None and norm is None and a.kind == 'c'", a="np.fft.ifft(g, axis=axis, norm='forward')"),
     case("n is None and norm is None and a.kind == 'f'", a="np.fft.ifft(g, axis=axis, norm='forward').real"),
     a="adjoint_of_fft(g, a, n, axis, norm)", linear="a", analytic=False, result=transform)
rule("np.fft.ifft(a, n=None, axis=-1, norm=None)",
     case("n is None and norm == 'ortho' and a.kind == 'c'", a="np.fft.fft(g, axis=axis, norm=norm)"),
     case("n is None and norm is None and a.kind == 'c'", a="np.fft.fft(g, axis=axis, norm='forward')"),
     case("n is None and norm is None and a.kind == 'f'", a="np.fft.fft(g, axis=axis, norm='forward').real"),
     a="adjoint_of_ifft(g, a, n, axis, norm)", linear="a", analytic=False, result=transform)
rule("np.fft.rfft(a, n=None, axis=-1, norm=None)", a="adjoint_of_rfft(g, a, n, axis, norm)", linear="a", analytic=False, result=spectrum_of)
rule("np.fft.irfft(a, n=None, axis=-1, norm=None)", a="adjoint_of_irfft(g, a, n, axis, norm)", linear="a", analytic=False, result=unknown)
rule("np.fft.hfft(a, n=None, axis=-1, norm=None)", a="adjoint_of_hfft(g, a, n, axis, norm)", linear="a", analytic=False, result=unknown)
rule("np.fft.ihfft(a, n=None, axis=-1, norm=None)", a="adjoint_of_ihfft(g, a, n, axis, norm)", linear="a", analytic=False,
     result=spectrum_of)

# Several axes
for axes, suffix in (("None", "n"), ("(-2, -1)", "2")):
    for transformed, result in (("fft", transform), ("ifft", transform), ("rfft", spectrum_of), ("irfft", unknown)):
        rule(f"np.fft.{transformed}{suffix}(a, s=None, axes={axes}, norm=None)", a=f"adjoint_of_{transformed}n(g, a, s, axes, norm)",
             linear="a", analytic=False, result=result)

rule("np.fft.fftshift(x, axes=None)", case("axes is None", x="np.fft.ifftshift(g)"), x="np.fft.ifftshift(g, axes)", linear="x",
     result=like("x"))
rule("np.fft.ifftshift(x, axes=None)", case("axes is None", x="np.fft.fftshift(g)"), x="np.fft.fftshift(g, axes)", linear="x",
     result=like("x"))
rule("np.fft.fftfreq(n, d=1.0)", "np.fft.rfftfreq(n, d=1.0)", d="-np.sum(g * y) / d", tangents={"d": "-y * (d_dot / d)"}, result=unknown)

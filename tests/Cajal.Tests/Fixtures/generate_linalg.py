"""Products and matrix tools. Decompositions are also computed by SciPy and must agree before a case is written."""
import numpy as np
import scipy.linalg
import torch

from fixture_writer import Family, normal, spd, symmetric, uniform

EINSUM = [
    ("trace", "ii->", [(3, 3)]), ("diagonal", "ii->i", [(3, 3)]), ("transpose", "ij->ji", [(2, 3)]), ("sum", "ij->", [(2, 3)]),
    ("row-sum", "ij->i", [(2, 3)]), ("permute", "abc->cab", [(2, 3, 4)]), ("dot", "i,i->", [(4,), (4,)]), ("outer", "i,j->ij", [(2,), (3,)]),
    ("hadamard", "ij,ij->ij", [(2, 3), (2, 3)]), ("matrix-vector", "ij,j->i", [(2, 3), (3,)]), ("matmul", "ij,jk->ik", [(2, 3), (3, 4)]),
    ("matmul-transposed", "ij,kj->ik", [(2, 3), (4, 3)]), ("batched", "bij,bjk->bik", [(2, 2, 3), (2, 3, 2)]),
    ("attention", "bqhd,bkhd->bhqk", [(1, 2, 2, 3), (1, 4, 2, 3)]), ("bilinear", "bi,oij,bj->bo", [(2, 3), (2, 3, 2), (2, 2)]),
    ("three-chain", "ij,jk,kl->il", [(2, 3), (3, 2), (2, 4)]), ("frobenius", "ij,ij->", [(2, 3), (2, 3)]),
    ("contract-two", "aijb,ij->ab", [(2, 2, 3, 2), (2, 3)]), ("summed-out-one-side", "ij,k->ik", [(2, 3), (2,)]),
    ("implicit", "ij,jk", [(2, 3), (3, 2)]), ("ellipsis", "...ij,...jk->...ik", [(2, 2, 3), (3, 2)]),
    ("ellipsis-sum", "...i->...", [(2, 2, 3)]), ("batched-diagonal", "bii->bi", [(2, 3, 3)]), ("size-1", "ij,jk->ik", [(1, 1), (1, 1)]),
]

MATMUL = [("vector-vector", (4,), (4,)), ("matrix-vector", (2, 3), (3,)), ("vector-matrix", (3,), (3, 2)), ("matrix-matrix", (2, 3), (3, 4)),
          ("column-row", (3, 1), (1, 2)), ("row-column", (1, 3), (3, 1)), ("one", (1, 1), (1, 1)), ("batched", (2, 2, 3), (2, 3, 2)),
          ("batched-left", (2, 2, 3), (3, 2)), ("batched-right", (2, 3), (2, 3, 2)), ("batch-broadcast", (2, 1, 2, 3), (3, 3, 2)),
          ("batched-by-vector", (2, 2, 3), (3,)), ("vector-by-batched", (3,), (2, 3, 2)), ("empty-inner", (2, 0), (0, 3)),
          ("empty-rows", (0, 3), (3, 2)), ("lane-tail", (5, 9), (9, 17))]


def families():
    f = Family("linalg")
    for variant, a, b in MATMUL:
        f.add("MatMul", variant, torch.matmul, {"a": normal(*a), "b": normal(*b)})
    for variant, equation, shapes in EINSUM:
        inputs = {"abc"[i]: normal(*s) for i, s in enumerate(shapes)}
        f.add("Einsum", variant, lambda **t: torch.einsum(equation, *t.values()), inputs, {"equation": equation})
    f.add("Outer", "plain", torch.outer, {"a": normal(3), "b": normal(4)})
    f.add("Outer", "size-1", torch.outer, {"a": normal(1), "b": normal(4)})
    for variant, x1, x2, w, bias in (("plain", (3, 2), (3, 4), (5, 2, 4), True), ("no-bias", (3, 2), (3, 4), (2, 2, 4), False),
                                     ("leading-axes", (2, 2, 3), (2, 2, 2), (2, 3, 2), True), ("size-1", (1, 1), (1, 1), (1, 1, 1), True)):
        inputs = {"x1": normal(*x1), "x2": normal(*x2), "weight": normal(*w)}
        if bias:
            inputs["bias"] = normal(w[0])
        f.add("Bilinear", variant, torch.nn.functional.bilinear, inputs)
    for variant, shape in (("plain", (3, 4)), ("tall", (4, 2))):
        f.add("Tril", variant, torch.tril, {"x": normal(*shape)}, {"diagonal": 0})
        f.add("Triu", variant, lambda x: torch.triu(x, 1), {"x": normal(*shape)}, {"diagonal": 1})
    for variant, shape in (("plain", (4,)), ("one", (1,))):
        f.add("Dot", variant, torch.dot, {"a": normal(*shape), "b": normal(*shape)})
    for variant, shape, axis in (("last", (2, 3), -1), ("first", (3, 4), 0)):
        f.add("Cross", variant, lambda a, b: torch.linalg.cross(a, b, dim=axis), {"a": normal(*shape), "b": normal(*shape)}, {"axis": axis})
    for variant, offset in (("main", 0), ("above", 1), ("below", -2)):
        f.add("DiagonalMatrix", variant, lambda x: torch.diag_embed(x, offset), {"x": normal(2, 3)}, {"offset": offset})
    f.add("Diag", "of-a-vector", lambda x: torch.diag(x, 1), {"x": normal(3)}, {"diagonal": 1})
    f.add("Diag", "of-a-matrix", lambda x: torch.diag(x, -1), {"x": normal(3, 4)}, {"diagonal": -1})
    f.add("Diagonal", "plain", torch.diagonal, {"x": normal(3, 4)})
    f.add("Trace", "plain", torch.trace, {"x": normal(3, 4)})

    for variant, a, b in (("vector", (3, 3), (3,)), ("matrix", (3, 3), (3, 2)), ("one", (1, 1), (1, 1)), ("batched", (2, 3, 3), (2, 3, 2)),
                          ("larger", (6, 6), (6, 1))):
        f.add("Solve", variant, checked_solve, {"a": dominant(*a), "b": normal(*b)})
    for variant, shape in (("plain", (3, 3)), ("one", (1, 1)), ("batched", (2, 3, 3)), ("larger", (6, 6))):
        f.add("Cholesky", variant, checked_cholesky, {"a": spd(*shape)})
        f.add("Inverse", variant, torch.linalg.inv, {"a": dominant(*shape)})
        f.add("Det", variant, torch.linalg.det, {"a": dominant(*shape)})
    for variant, shape, power in (("third", (3, 3), 3), ("none", (2, 2), 0), ("inverse-squared", (3, 3), -2), ("batched", (2, 2, 2), 2)):
        f.add("MatrixPower", variant, lambda a: torch.linalg.matrix_power(a, power), {"a": dominant(*shape)}, {"exponent": power})
    for variant, shape in (("plain", (3, 3)), ("batched", (2, 3, 3))):
        f.add("LogDet", variant, lambda a: torch.linalg.slogdet(a).logabsdet, {"a": dominant(*shape)})
        f.add("LstSq", variant, lambda a, b: torch.linalg.lstsq(a, b).solution, {"a": normal(*shape[:-1][:-1], 5, 3), "b": normal(*shape[:-2], 5, 2)}, grads=())
        for upper in (False, True):
            f.add("TriangularSolve", f"{variant}-{'upper' if upper else 'lower'}", lambda a, b: torch.linalg.solve_triangular(torch.triu(a) if upper else torch.tril(a), b, upper=upper),
                  {"a": dominant(*shape), "b": normal(*shape[:-1], 2)}, {"upper": upper})
    for variant, shape in (("square", (3, 3)), ("tall", (5, 3)), ("wide", (2, 4)), ("one", (1, 1)), ("batched", (2, 3, 2))):
        f.add("Qr", variant, checked_qr, {"a": normal(*shape)}, {"mode": "reduced"}, grads=())
        f.add("Svd", variant, checked_svd, {"a": normal(*shape)}, grads=())
    for variant, shape in (("plain", (3, 3)), ("one", (1, 1)), ("batched", (2, 3, 3)), ("larger", (6, 6))):
        f.add("Eigh", variant, checked_eigh, {"a": symmetric(*shape)}, grads=())
    return [f]


def dominant(*shape):
    return lambda r: np.round(r.standard_normal(shape) + 2 * np.sqrt(shape[-1]) * np.eye(shape[-1]), 2)


def each(a):
    return a.reshape((-1,) + a.shape[-2:])


def agree(ours, scipys):
    np.testing.assert_allclose(ours, scipys, rtol=1e-10, atol=1e-12)


def checked_solve(a, b):
    y = torch.linalg.solve(a, b)
    if a.dim() == 2:
        agree(y.detach().numpy(), scipy.linalg.solve(a.detach().numpy(), b.detach().numpy()))
    return y


def checked_cholesky(a):
    y = torch.linalg.cholesky(a)
    agree(each(y.detach().numpy()), np.stack([scipy.linalg.cholesky(m, lower=True) for m in each(a.detach().numpy())]))
    return y


def checked_qr(a):
    """Signs are free in QR; here the diagonal of r is positive."""
    q, r = torch.linalg.qr(a, mode="reduced")
    s = torch.sign(torch.diagonal(r, dim1=-2, dim2=-1))
    q, r = q * s.unsqueeze(-2), r * s.unsqueeze(-1)
    agree((q @ r).numpy(), a.numpy())
    theirs = [scipy.linalg.qr(m, mode="economic")[1] for m in each(a.numpy())]
    agree(np.abs(each(r.numpy())), np.abs(np.stack(theirs)))
    return {"q": q, "r": r}


def checked_svd(a):
    """Singular values, and u diag(s) vh, which is free of the signs u and v may take."""
    u, s, vh = torch.linalg.svd(a, full_matrices=False)
    agree(s.reshape(-1, s.shape[-1]).numpy(), np.stack([scipy.linalg.svdvals(m) for m in each(a.numpy())]))
    return {"s": s, "reconstruction": u @ torch.diag_embed(s) @ vh}


def checked_eigh(a):
    """Ascending eigenvalues; each eigenvector's largest component is positive."""
    w, v = torch.linalg.eigh(a)
    agree(w.reshape(-1, w.shape[-1]).numpy(), np.stack([scipy.linalg.eigvalsh(m) for m in each(a.numpy())]))
    top = torch.gather(v, -2, v.abs().argmax(-2, keepdim=True))
    return {"values": w, "vectors": v * torch.sign(top)}

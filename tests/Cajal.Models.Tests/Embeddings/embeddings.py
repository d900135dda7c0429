"""Reference values for EmbeddingTests.cs. Needs Debian's python3-sklearn: /usr/bin/python3 embeddings.py"""
import numpy as np
from sklearn.datasets import load_digits, load_iris
from sklearn.decomposition import PCA
from sklearn.manifold import TSNE, trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities
from sklearn.metrics import pairwise_distances
import sklearn

def row(name, values):
    print(f"{name}: " + ", ".join(repr(float(v)) for v in np.ravel(values)))

print("scikit-learn", sklearn.__version__)
iris = load_iris().data
pca = PCA(4, svd_solver="full").fit(iris)
row("iris variance", pca.explained_variance_)
row("iris ratio", pca.explained_variance_ratio_)
signs = np.sign(pca.components_[np.arange(4), np.abs(pca.components_).argmax(1)])
row("iris components", pca.components_ * signs[:, None])
row("iris first codes", (pca.transform(iris) * signs)[:2])

digits = load_digits().data / 16
row("digits variance, 30 samples", PCA(5, svd_solver="full").fit(digits[:30]).explained_variance_)

# To an entropy within 1e-5, scikit-learn's tolerance.
from scipy.spatial.distance import squareform
p = squareform(_joint_probabilities(pairwise_distances(iris[:40], squared=True).astype(np.float32), 7.0, 0))
row("iris affinities, 40 samples, row 0", p[0, :12])

for count in (500, 1797):
    x = digits[:count]
    tsne = TSNE(2, perplexity=30, init="pca", learning_rate="auto", method="exact", random_state=0)
    y = tsne.fit_transform(x)
    print(f"digits {count}: KL {tsne.kl_divergence_:.6f}, trustworthiness {trustworthiness(x, y, n_neighbors=5):.6f}, "
          f"of two components {trustworthiness(x, PCA(2, svd_solver='full').fit_transform(x), n_neighbors=5):.8f}", flush=True)

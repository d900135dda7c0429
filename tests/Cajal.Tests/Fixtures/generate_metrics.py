"""Metrics by scikit-learn."""
import warnings

import numpy as np
from sklearn import metrics

from fixture_writer import Family, stream


def families():
    f = Family("metrics")
    for variant, n, classes, skew in (("binary", 20, 2, 0.3), ("three-classes", 30, 3, 0.4), ("five-classes", 40, 5, 0.5), ("perfect", 12, 3, 0.0)):
        r = stream("metrics", variant)
        target = r.integers(0, classes, n)
        predicted = np.where(r.uniform(size=n) < skew, r.integers(0, classes, n), target)
        class_metrics(f, variant, target, predicted, classes)
    # A class nobody predicts, and one that never occurs: 0 / 0 counts as 0.
    class_metrics(f, "never-predicted", np.array([0, 1, 2, 2, 1, 0]), np.array([0, 1, 1, 0, 1, 0]), 3)
    class_metrics(f, "never-occurs", np.array([0, 1, 1, 0]), np.array([0, 2, 1, 0]), 3)

    for variant, target, score in (
            ("plain", [0, 0, 1, 1], [0.1, 0.4, 0.35, 0.8]), ("ties", [0, 1, 0, 1, 1, 0, 1], [0.5, 0.5, 0.2, 0.7, 0.2, 0.7, 0.9]), ("all-tied", [0, 1, 1], [0.5, 0.5, 0.5]),
            ("perfect", [0, 0, 1], [0.1, 0.2, 0.3]), ("reversed", [1, 0], [0.1, 0.9])):
        pair = {"target": np.array(target), "score": np.array(score)}
        f.append("RocAuc", f"RocAuc/{variant}", {}, pair, np.array(metrics.roc_auc_score(target, score)))
        f.append("AveragePrecision", f"AveragePrecision/{variant}", {}, pair, np.array(metrics.average_precision_score(target, score)))
        f.append("LogLoss", f"LogLoss/{variant}", {}, pair, np.array(metrics.log_loss(target, score)))
    r = stream("metrics", "auc")
    target = r.integers(0, 2, 60)
    score = np.round(target * 0.3 + r.uniform(size=60), 1)
    f.append("RocAuc", "RocAuc/many-ties", {}, {"target": target, "score": score}, np.array(metrics.roc_auc_score(target, score)))
    f.append("AveragePrecision", "AveragePrecision/many-ties", {}, {"target": target, "score": score}, np.array(metrics.average_precision_score(target, score)))
    target = np.arange(24) % 3
    score = r.integers(1, 10, (24, 3)).astype(float)
    score[np.arange(24), target] += 3
    score /= score.sum(1, keepdims=True)
    f.append("LogLoss", "LogLoss/three-classes", {}, {"target": target, "score": score}, np.array(metrics.log_loss(target, score)))
    truths = (target[:, None] == np.arange(3)).astype(int)
    for average in ("macro", "micro", "weighted"):
        f.append("AveragePrecision", f"AveragePrecision/one-against-rest-{average}", {"average": average}, {"target": target, "score": score},
                 np.array(metrics.average_precision_score(truths, score, average=average)))
    f.append("RocAuc", "RocAuc/one-against-rest-micro", {"average": "micro"}, {"target": target, "score": score}, np.array(metrics.roc_auc_score(truths, score, average="micro")))
    for average in ("macro", "weighted"):
        f.append("RocAuc", f"RocAuc/one-against-rest-{average}", {"average": average}, {"target": target, "score": score},
                 np.array(metrics.roc_auc_score(target, score, multi_class="ovr", average=average)))
    for k in (1, 2):
        f.append("TopKAccuracy", f"TopKAccuracy/{k}", {"k": k}, {"target": target, "score": score}, np.array(metrics.top_k_accuracy_score(target, score, k=k)))

    for variant, shape in (("vector", (10,)), ("two-outputs", (8, 2)), ("worse-than-the-mean", (5,))):
        r = stream("metrics", "regression", variant)
        y = np.round(r.standard_normal(shape) * 2 + 1, 2)
        p = np.round(y + r.standard_normal(shape) * (4 if "worse" in variant else 0.5), 2)
        pair = {"target": y, "predicted": p}
        f.append("R2", f"R2/{variant}", {}, pair, np.array(metrics.r2_score(y, p)))
        f.append("ExplainedVariance", f"ExplainedVariance/{variant}", {}, pair, np.array(metrics.explained_variance_score(y, p)))
        f.append("Mae", f"Mae/{variant}", {}, pair, np.array(metrics.mean_absolute_error(y, p)))
        f.append("Rmse", f"Rmse/{variant}", {}, pair, np.array(np.sqrt(metrics.mean_squared_error(y, p))))
    for variant, y, p in (("perfect", [1.0, 2.0], [1.0, 2.0]), ("offset", [1.0, 2.0, 4.0], [2.0, 3.0, 5.0]), ("constant", [3.0, 3.0], [3.0, 4.0]), ("constant-met", [3.0, 3.0], [3.0, 3.0])):
        pair = {"target": np.array(y), "predicted": np.array(p)}
        f.append("R2", f"R2/{variant}", {}, pair, np.array(float(metrics.r2_score(y, p))))
        f.append("ExplainedVariance", f"ExplainedVariance/{variant}", {}, pair, np.array(float(metrics.explained_variance_score(y, p))))
    return [f]


def class_metrics(f, variant, target, predicted, classes):
    pair = {"target": target, "predicted": predicted}
    labels = list(range(classes))
    args = {"classes": classes}
    f.append("Accuracy", f"Accuracy/{variant}", args, pair, np.array(metrics.accuracy_score(target, predicted)))
    f.append("ConfusionMatrix", f"ConfusionMatrix/{variant}", {**args, "rows": "target"}, pair, metrics.confusion_matrix(target, predicted, labels=labels))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = {}
        for average in (None, "macro", "micro", "weighted"):
            p, r, f1, support = metrics.precision_recall_fscore_support(target, predicted, labels=labels, average=average, zero_division=0)
            tag = average or "perClass"
            scores[tag] = (np.array(p, float), np.array(r, float), np.array(f1, float))
    for i, op in enumerate(("Precision", "Recall", "F1")):
        f.append(op, f"{op}/{variant}", args, pair, {tag: s[i] for tag, s in scores.items()})

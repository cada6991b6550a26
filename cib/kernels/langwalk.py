"""Which languages texts may be in: a walk of their bytes through the automaton of a naive Bayes model of byte n-grams."""

import numpy as np

from cib.kernels import kernel


@kernel
def shares(data, offsets, move, row_of, feature_of, weight, prior, met, count, share):
    """Write into share[t] the probability of every class for text t: zeros for a text in which no feature of the model is met.

    Scores are divided by the root of the text's length before they are made probabilities, as the model's makers do, so that
    long texts are not surer than they should be.

    data        uint8[n_bytes]             UTF-8
    offsets     int64[n_texts + 1]         where each text begins
    move        int[n_rows * 256]          the state that follows, by row and byte;  row_of  int[n_states]  row of a state
    feature_of  int32[n_states]            the feature that is met on entering a state, or -1
    weight      float32[n_features, n_classes], prior  float32[n_classes]  logarithms of probabilities
    met         int64[>= longest text]     scratch;  count  int64[n_features]  scratch, zeros
    share       float64[n_texts, n_classes]  overwritten
    """
    n_classes = prior.size
    for text in range(share.shape[0]):
        begin, end = offsets[text], offsets[text + 1]
        state, n_met = np.int64(0), 0
        for at in range(begin, end):
            state = np.int64(move[np.int64(row_of[state]) * 256 + data[at]])
            feature = feature_of[state]
            if feature >= 0:
                if count[feature] == 0:
                    met[n_met] = feature
                    n_met += 1
                count[feature] += 1
        for k in range(n_classes):
            share[text, k] = prior[k] if n_met else 0.0
        for place in range(n_met):
            feature = met[place]
            times = np.log1p(np.float64(count[feature]))
            count[feature] = 0
            for k in range(n_classes):
                share[text, k] += times * weight[feature, k]
        if n_met:
            top = share[text, 0]
            for k in range(n_classes):
                top = max(top, share[text, k])
            total = 0.0
            for k in range(n_classes):
                share[text, k] = np.exp((share[text, k] - top) / np.sqrt(np.float64(end - begin)))
                total += share[text, k]
            for k in range(n_classes):
                share[text, k] /= total

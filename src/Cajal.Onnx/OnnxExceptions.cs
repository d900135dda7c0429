namespace Cajal;

/// <summary>A model needs something that Cajal does not have: an operator, a version of one, or an element type.</summary>
/// <param name="message">What, where, and what to do.</param>
public sealed class OnnxUnsupportedException(string message) : NotSupportedException(message);

/// <summary>A node of a model failed while the model ran; the inner exception is the operation's own.</summary>
/// <param name="message">The node, its operator and what was wrong.</param>
/// <param name="cause">What the operation threw.</param>
public sealed class OnnxNodeException(string message, Exception? cause = null) : Exception(message, cause);

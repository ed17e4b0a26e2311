namespace Nabla.Scalar;

/// <summary>A part of a network: a function with numbers inside that training changes.</summary>
public abstract class Module
{
    /// <summary>Gets the numbers to train, always in the same order.</summary>
    public abstract IEnumerable<Value> Parameters { get; }

    /// <summary>Sets the gradients of all parameters to 0. Without it, those of the last step would be added to the next.</summary>
    public void ZeroGrad()
    {
        foreach (Value parameter in Parameters)
        {
            parameter.Grad = 0;
        }
    }
}

namespace Nabla.Language.Data;

/// <summary>Batches in an order that is fixed from the beginning: where one stands in it is all that there is to remember.</summary>
public interface IOrderedBatches : IBatchSource
{
    /// <summary>Gets or sets the place of the next batch, to go on where another stopped; 0 at the beginning.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such place.</exception>
    long Position { get; set; }
}
